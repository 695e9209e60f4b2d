// Tokens by `jose` and SD-JWTs by `@sd-jwt/core`.
import {createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify} from 'node:crypto';
import {SDJwtInstance} from '@sd-jwt/core';
import * as jose from 'jose';

// What @sd-jwt/core leaves to its caller: raw signatures, hashes and salts.
const HASHES = {EdDSA: null, ES256: 'sha256', ES384: 'sha384'};
const keyed = (make, jwk) => ({key: make({key: jwk, format: 'jwk'}), dsaEncoding: 'ieee-p1363'});

const signer = jwk => data =>
  sign(HASHES[jwk.alg], Buffer.from(data), keyed(createPrivateKey, jwk)).toString('base64url');
const verifier = jwk => (data, signature) =>
  verify(HASHES[jwk.alg], Buffer.from(data), keyed(createPublicKey, jwk), Buffer.from(signature, 'base64url'));

const hasher = (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest();
const saltGenerator = length => randomBytes(length).toString('base64url').slice(0, length);

const instance = ({issuer, holder}) => new SDJwtInstance({
  signer: issuer && signer(issuer), signAlg: issuer?.alg, verifier: issuer && verifier(issuer),
  kbSigner: holder && signer(holder), kbSignAlg: holder?.alg, kbVerifier: holder && verifier(holder),
  hasher, hashAlg: 'sha-256', saltGenerator,
});

const tasks = {
  async issue(asked) {
    return instance(asked).issue(asked.payload, asked.frame, {header: asked.header});
  },
  async present(asked) {
    return instance(asked).present(asked.token, asked.frame, {kb: {payload: asked.binding}});
  },
  async read(asked) {
    const {payload, kb} = await instance(asked).verify(
      asked.token, {keyBindingNonce: asked.nonce, currentDate: asked.at});
    return {payload, binding: kb?.payload};
  },
  async sign(asked) {
    return new jose.CompactSign(Buffer.from(JSON.stringify(asked.payload)))
      .setProtectedHeader(asked.header).sign(await jose.importJWK(asked.issuer));
  },
  async verify(asked) {
    const {payload, protectedHeader} = await jose.jwtVerify(
      asked.token, await jose.importJWK(asked.issuer), {currentDate: new Date(asked.at * 1000)});
    return {payload, header: protectedHeader};
  },
};

export async function answer({task, ...asked}) {
  return tasks[task](asked);
}

// Reads {files, unsigned, signed, tokens, seed, jwk, at, rounds} from stdin; writes [[library, step, seconds]] to stdout:
// medians over the rounds of the processor time a document takes. For benchmarks/credentials.py.
import {text} from 'node:stream/consumers';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {loaderOf} from './documents.mjs';

const {files, unsigned, signed, tokens, seed, jwk, at, rounds} = JSON.parse(await text(process.stdin));
const now = new Date(at);
const known = new Map();
const slow = loaderOf(files);
const documentLoader = async url => {
  if(!known.has(url)) {
    known.set(url, await slow(url));
  }
  return known.get(url);
};
const key = await Ed25519Multikey.generate({seed: Buffer.from(seed, 'hex')});
key.controller = `did:key:${key.publicKeyMultibase}`;
key.id = `${key.controller}#${key.publicKeyMultibase}`;
const received = signed.map(document => JSON.stringify(document));

async function seconds(call) {
  const taken = [];
  for(let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    for(let number = 0; number < unsigned.length; number++) {
      await call(number);
    }
    const {user, system} = process.cpuUsage(start);
    taken.push((user + system) / 1e6 / unsigned.length);
  }
  return taken.sort((a, b) => a - b)[Math.floor(taken.length / 2)];
}

const found = [];
found.push(['@digitalbazaar/vc, eddsa-rdfc-2022', 'issue', await seconds(number => {
  const suite = new DataIntegrityProof({signer: key.signer(), date: now, cryptosuite});
  return vc.issue({credential: unsigned[number], suite, documentLoader, now});
})]);
found.push(['@digitalbazaar/vc, eddsa-rdfc-2022', 'verify: whole report', await seconds(async number => {
  const suite = new DataIntegrityProof({cryptosuite});
  const credential = JSON.parse(received[number]);
  const answer = await vc.verifyCredential({credential, suite, documentLoader, now});
  if(!answer.verified) {
    throw answer.error;
  }
})]);
const jose = await import('jose').catch(() => null);
if(jose) {
  const publicKey = await jose.importJWK(jwk, 'EdDSA');
  found.push(['jose in node, VC-JWT EdDSA', 'verify: proof', await seconds(
    number => jose.jwtVerify(tokens[number], publicKey, {currentDate: now}))]);
}
console.log(JSON.stringify(found));

// Contexts from the bytes that the Python side has pinned, keys from did:key identifiers: nothing is ever fetched.
import {readFile} from 'node:fs/promises';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';

const MULTIKEY = 'https://w3id.org/security/multikey/v1';

/** A document loader over `{url: file}`; a did:key answers with its document, its one key with that key. */
export function loaderOf(files) {
  return async url => {
    const document = url.startsWith('did:key:') ? await keyDocument(url) : await pinned(files, url);
    return {contextUrl: null, documentUrl: url, document};
  };
}

async function pinned(files, url) {
  if(!(url in files)) {
    throw new Error(`not a pinned document: ${url}`);
  }
  return JSON.parse(await readFile(files[url], 'utf8'));
}

async function keyDocument(url) {
  const [id, fragment] = url.split('#');
  const key = await Ed25519Multikey.from({
    '@context': MULTIKEY, id: `${id}#${id.slice('did:key:'.length)}`, type: 'Multikey', controller: id,
    publicKeyMultibase: id.slice('did:key:'.length)
  });
  const method = await key.export({publicKey: true, includeContext: true});
  if(fragment) {
    return method;
  }
  return {'@context': ['https://www.w3.org/ns/did/v1', MULTIKEY], id, assertionMethod: [method]};
}

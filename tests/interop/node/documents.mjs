// Contexts from the bytes that the Python side has pinned, keys from did:key identifiers: nothing is ever fetched.
import {readFile} from 'node:fs/promises';

const MULTIKEY = 'https://w3id.org/security/multikey/v1';

/** A document loader over `{url: file}` and `{url: document}`; a did:key answers with its document, its one key with
 * that key. */
export function loaderOf(files, documents = {}) {
  return async url => {
    const document = documents[url] ?? (url.startsWith('did:key:') ? keyDocument(url) : await pinned(files, url));
    return {contextUrl: null, documentUrl: url, document};
  };
}

async function pinned(files, url) {
  if(!(url in files)) {
    throw new Error(`not a pinned document: ${url}`);
  }
  return JSON.parse(await readFile(files[url], 'utf8'));
}

/** A key's document, or the DID's with that one key; written out, so that keys of every kind are told alike. */
function keyDocument(url) {
  const [controller, fragment] = url.split('#');
  const publicKeyMultibase = controller.slice('did:key:'.length);
  const method = {id: `${controller}#${publicKeyMultibase}`, type: 'Multikey', controller, publicKeyMultibase};
  if(fragment) {
    return {'@context': MULTIKEY, ...method};
  }
  const purposes = {assertionMethod: [method], authentication: [method]};
  return {'@context': ['https://www.w3.org/ns/did/v1', MULTIKEY], id: controller, ...purposes};
}

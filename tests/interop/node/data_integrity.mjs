// Issues, derives, presents and verifies as {action, suite, files, …} asks.
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import * as vc from '@digitalbazaar/vc';
import {loaderOf} from './documents.mjs';
import {disclosing, signerOf, signing, verifying} from './suites.mjs';

const told = ({verified, error}) => {
  const errors = (error?.errors ?? [error]).filter(Boolean).map(one => one.message);
  return {verified, errors};
};

async function made({suite, key, created, mandatoryPointers}) {
  return signing({suite, signer: await signerOf(key), date: new Date(created), mandatoryPointers});
}

const actions = {
  async issue(asked, documentLoader) {
    const {credential, at} = asked;
    return vc.issue({credential, suite: await made(asked), documentLoader, now: new Date(at)});
  },
  async derive({credential, selectivePointers}, documentLoader) {
    return vc.derive({verifiableCredential: credential, suite: disclosing(selectivePointers), documentLoader});
  },
  async verify({credential, suite, at}, documentLoader) {
    const suites = [suite].flat().map(verifying);
    const now = new Date(at);
    return told(await vc.verifyCredential({credential, suite: suites, documentLoader, now, checkStatus}));
  },
  async present(asked, documentLoader) {
    const {presentation, challenge, domain} = asked;
    const now = new Date(asked.at);
    return vc.signPresentation({presentation, suite: await made(asked), challenge, domain, documentLoader, now});
  },
  async verifyPresentation({presentation, suite, challenge, domain, at}, documentLoader) {
    const answer = await vc.verify(
      {presentation, suite: [suite].flat().map(verifying), challenge, domain, documentLoader, now: new Date(at)});
    const parts = (answer.credentialResults ?? []).map(one => one.verified);
    return {verified: answer.verified && parts.every(Boolean), errors: told(answer).errors};
  },
};

export async function answer({action, files, documents, ...asked}) {
  return actions[action](asked, loaderOf(files, documents));
}

// Reads {action, suite, files, credential, …} from stdin; issues, derives or verifies, and writes what came of it.
import {text} from 'node:stream/consumers';
import * as vc from '@digitalbazaar/vc';
import {loaderOf} from './documents.mjs';
import {disclosing, signerOf, signing, verifying} from './suites.mjs';

const asked = JSON.parse(await text(process.stdin));
const documentLoader = loaderOf(asked.files);
const {credential} = asked;

async function issued() {
  const date = new Date(asked.at);
  const {suite, mandatoryPointers} = asked;
  const made = signing({suite, signer: await signerOf(asked.key), date, mandatoryPointers});
  return vc.issue({credential, suite: made, documentLoader, now: date});
}

async function derived() {
  return vc.derive({verifiableCredential: credential, suite: disclosing(asked.selectivePointers), documentLoader});
}

async function verified() {
  const now = new Date(asked.at);
  const answer = await vc.verifyCredential({credential, suite: verifying(asked.suite), documentLoader, now});
  const errors = (answer.error?.errors ?? [answer.error]).filter(Boolean).map(error => error.message);
  return {verified: answer.verified, errors};
}

console.log(JSON.stringify(await {issue: issued, derive: derived, verify: verified}[asked.action]()));

// Reads {files, credential, at} from stdin; writes {verified, errors} to stdout.
import {text} from 'node:stream/consumers';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {loaderOf} from './documents.mjs';

const {files, credential, at} = JSON.parse(await text(process.stdin));
const suite = new DataIntegrityProof({cryptosuite});
const now = new Date(at);
const answer = await vc.verifyCredential({credential, suite, documentLoader: loaderOf(files), now});
const errors = (answer.error?.errors ?? [answer.error]).filter(Boolean).map(error => error.message);
console.log(JSON.stringify({verified: answer.verified, errors}));

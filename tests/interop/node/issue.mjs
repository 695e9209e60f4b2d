// Reads {files, credential, seed, created} from stdin; writes the credential with an eddsa-rdfc-2022 proof to stdout.
import {text} from 'node:stream/consumers';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {loaderOf} from './documents.mjs';

const {files, credential, seed, created} = JSON.parse(await text(process.stdin));
const key = await Ed25519Multikey.generate({seed: Buffer.from(seed, 'hex')});
key.controller = `did:key:${key.publicKeyMultibase}`;
key.id = `${key.controller}#${key.publicKeyMultibase}`;
const suite = new DataIntegrityProof({signer: key.signer(), date: new Date(created), cryptosuite});
const now = new Date(created);
const signed = await vc.issue({credential, suite, documentLoader: loaderOf(files), now});
console.log(JSON.stringify(signed));

// Reads {files, documents} from stdin; writes for each document its canonical N-Quads, or {error}, to stdout.
import {text} from 'node:stream/consumers';
import jsonld from 'jsonld';
import {loaderOf} from './documents.mjs';

const {files, documents} = JSON.parse(await text(process.stdin));
const options = {
  algorithm: 'RDFC-1.0', base: null, safe: true, documentLoader: loaderOf(files), canonizeOptions: {maxWorkFactor: 3}
};
const answers = [];
for(const document of documents) {
  try {
    answers.push(await jsonld.canonize(document, options));
  } catch(error) {
    answers.push({error: error.message, details: error.details?.event ?? null});
  }
}
console.log(JSON.stringify(answers));

// The canonical N-Quads of each of some documents, or {error}.
import jsonld from 'jsonld';
import {loaderOf} from './documents.mjs';

export async function answer({files, documents}) {
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
  return answers;
}

// The canonical form of each of some datasets in N-Quads, with the labels of its blank nodes, or {error}.
import * as rdfCanonize from 'rdf-canonize';

export async function answer({datasets, hash}) {
  const answers = [];
  for(const dataset of datasets) {
    const canonicalIdMap = new Map();
    try {
      const nquads = await rdfCanonize.canonize(dataset, {
        algorithm: 'RDFC-1.0', inputFormat: 'application/n-quads', format: 'application/n-quads',
        messageDigestAlgorithm: hash, maxWorkFactor: 2, canonicalIdMap,
      });
      answers.push({nquads, labels: Object.fromEntries(canonicalIdMap)});
    } catch(error) {
      answers.push({error: error.message});
    }
  }
  return answers;
}

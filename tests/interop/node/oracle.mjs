// Answers for as long as it is asked: a line of JSON {door, …} on stdin, a line {answer} or {error} on stdout.
// One process for many questions: starting node and reading its packages takes longer than any answer.
import {createInterface} from 'node:readline';

const doors = {
  canonize: './canonize.mjs', dataset: './datasets.mjs', jose: './jose.mjs', proofs: './data_integrity.mjs',
};

async function answered({door, ...asked}) {
  const {answer} = await import(doors[door]);
  try {
    return {answer: await answer(asked)};
  } catch(error) {
    return {error: `${error.name}: ${error.message}`};
  }
}

for await (const line of createInterface({input: process.stdin})) {
  process.stdout.write(`${JSON.stringify(await answered(JSON.parse(line)))}\n`);
}

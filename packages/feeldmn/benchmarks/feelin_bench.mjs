// Times feelin in its own process and prints JSON. Usage: node feelin_bench.mjs MODULE < workload.json
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const { evaluate, unaryTest } = await import(pathToFileURL(process.argv[2]).href);
const { expressions, context, rules, calls, columns, seconds } = JSON.parse(readFileSync(0, 'utf8'));
context.filed = evaluate(`date("${context.filed}")`, {}).value;

function time(work) {
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    let count = 0;
    const start = process.hrtime.bigint();
    const end = start + BigInt(Math.round(seconds * 1e9 / 5));
    while (process.hrtime.bigint() < end) { work(); count++; }
    best = Math.min(best, Number(process.hrtime.bigint() - start) / count / 1000);
  }
  return best;
}

function table(call) {
  for (const rule of rules) {
    if (columns.every((name, at) => rule[at] === '-' || unaryTest(rule[at], { ...call, '?': call[name] }).value)) {
      return { routing: evaluate(rule[3], call).value, rate: evaluate(rule[4], call).value };
    }
  }
  return null;
}

const results = { expressions: {}, values: {} };
for (const [name, source] of expressions) {
  results.values[name] = String(evaluate(source, context).value);
  results.expressions[name] = time(() => evaluate(source, context));
}
results.table = time(() => calls.forEach(table)) / calls.length;
console.log(JSON.stringify(results));

// Evaluates expressions with feelin. Usage: node feelin_values.mjs MODULE < ["expression", …]; prints JSON.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const { evaluate } = await import(pathToFileURL(process.argv[2]).href);

function plain(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? { number: String(value) } : { other: String(value) };
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'function') return { other: 'function' };
  if (Array.isArray(value)) return value.map(plain);
  const name = value.constructor?.name;
  if (name === 'Object') return { context: Object.fromEntries(Object.entries(value).map(([ key, item ]) => [ key, plain(item) ])) };
  if (/Range/.test(name)) return { range: [ plain(value.props.start), plain(value.props.end), value.props['start included'], value.props['end included'] ] };
  if (/Function/.test(name)) return { other: 'function' };
  return { text: String(value) };
}

const results = JSON.parse(readFileSync(0, 'utf8')).map(source => {
  try {
    return { value: plain(evaluate(source, {}).value) };
  } catch (error) {
    return { error: error.name };
  }
});
console.log(JSON.stringify(results));

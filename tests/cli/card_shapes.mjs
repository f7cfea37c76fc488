// SHACL and JSON Schema by readers of npm. Arguments: a directory with node_modules, then jobs:
//   shacl SHAPES.ttl DATA.nt [MORE.ttl]   prints violations, one a line
//   ajv DRAFT SCHEMA.json DATA.json [REF.json...]
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [root, job, ...rest] = process.argv.slice(2);
const require = createRequire(path.join(root, 'package.json'));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const read = (file) => fs.readFileSync(file, 'utf8');

if (job === 'shacl') {
  const n3 = require('n3');
  const { Validator } = await import(
    pathToFileURL(path.join(root, 'node_modules/shacl-engine/index.js')).href);
  // Blank nodes of two files must not meet.
  const store = (...files) => {
    const out = new n3.Store();
    files.forEach((file) => out.addQuads(new n3.Parser().parse(read(file))));
    return out;
  };
  const factory = { ...n3.DataFactory, dataset: () => new n3.Store() };
  const dataset = store(...rest.slice(1));
  const validator = new Validator(store(rest[0]), { factory });
  const report = await validator.validate({ dataset });
  for (const result of report.results) {
    const severity = (result.severity?.value ?? '').split('#').pop();
    console.log([severity, result.focusNode?.term?.value, result.path?.[0]?.predicates?.[0]?.value,
      result.constraintComponent?.value, result.value?.term?.value,
      result.message?.[0]?.value].join('\t'));
  }
  console.error(`${report.results.length} results, ${dataset.size} triples`);
} else if (job === 'ajv') {
  const [draft, schema, data, ...refs] = rest;
  const { default: Ajv } = await load(draft === '2020' ? 'ajv/dist/2020.js' : 'ajv');
  const { default: formats } = await load('ajv-formats');
  const ajv = new (Ajv.default ?? Ajv)({ strict: false, allErrors: true, validateFormats: true });
  (formats.default ?? formats)(ajv);
  ajv.addFormat('idn-email', true);
  ajv.addFormat('iri-reference', true);
  refs.forEach((file) => ajv.addSchema(JSON.parse(read(file))));
  const validate = ajv.compile(JSON.parse(read(schema)));
  if (!validate(JSON.parse(read(data)))) {
    validate.errors.forEach((e) => console.log(e.instancePath, e.message));
  }
}

import { realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';
import { describedQuestions } from '../../projector/cli/answering.ts';
import { processContext } from '../../projector/cli/context.ts';
import { openApi, type Shapes } from './openapi.ts';

const thisFile = fileURLToPath(import.meta.url);
const root = join(dirname(thisFile), '..', '..');
export const OPENAPI_PATH = join(root, 'docs', 'openapi.json');

/** What can be asked over HTTP, as OpenAPI. */
export function openApiText(): string {
  const document = openApi(describedQuestions(processContext()), shapes());
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The types of the answers as JSON Schema, as OpenAPI points to them. */
function shapes(): Shapes {
  const generator = createGenerator({
    path: join(dirname(thisFile), 'answers.ts'),
    tsconfig: join(root, 'tsconfig.json'),
    type: 'Answers',
    additionalProperties: true,
    skipTypeCheck: true,
    topRef: false,
  });
  const { properties, definitions } = JSON.parse(
    JSON.stringify(generator.createSchema('Answers')).replaceAll('#/definitions/', '#/components/schemas/'),
  );
  return { answers: properties, shared: definitions };
}

if (realpathSync(process.argv[1]!) === thisFile) {
  if (process.argv.includes('--print')) process.stdout.write(openApiText());
  else writeFileSync(OPENAPI_PATH, openApiText());
}

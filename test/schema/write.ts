import { realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { QUESTION_SCHEMA } from '../../projector/answers/funnel/question-json.ts';

/** What a funnel question may hold, as JSON Schema; how its parts go together is for the program alone to say. */
export function questionSchema(): string {
  // A record's keys of a picklist become `propertyNames`, of which the converter warns all the same.
  const { $schema, ...schema } = toJsonSchema(QUESTION_SCHEMA, { errorMode: 'ignore' });
  return `${JSON.stringify({ $schema, title: 'A funnel question of ao-projector', ...schema }, null, 2)}\n`;
}

const thisFile = fileURLToPath(import.meta.url);
export const SCHEMA_PATH = join(dirname(thisFile), '..', '..', 'docs', 'funnel-question.schema.json');

if (realpathSync(process.argv[1]!) === thisFile) writeFileSync(SCHEMA_PATH, questionSchema());

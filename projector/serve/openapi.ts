import type { Described, DescribedOption, Parameter } from './questions.ts';

/** The questions that can be asked, as OpenAPI describes them: made from the commands themselves. */
export function openApi(described: readonly Described[], version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'ao-projector',
      version,
      description: 'What the command line answers with --json, read-only and on this machine alone.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: {
        problem: { description: 'What was expected, what was found, and what to do', content: json(PROBLEM) },
      },
    },
    paths: Object.fromEntries(described.flatMap(pathsOf)),
  };
}

const TEXT = { type: 'string' } as const;
const PROBLEM = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'expected', 'found', 'remedy'],
      properties: { code: TEXT, message: TEXT, expected: TEXT, found: TEXT, remedy: TEXT },
    },
  },
};

function json(schema: object) {
  return { 'application/json': { schema } };
}

/** One path without what need not stand there, and one with all of it. */
function pathsOf(command: Described): [string, object][] {
  const { words, parameters } = command;
  const path = `/api/v1/${words.join('/')}`;
  const required = parameters.filter((one) => one.required);
  const variants = required.length === parameters.length ? [parameters] : [required, parameters];
  return variants.map((some) => {
    return [[path, ...some.map(({ name }) => `{${name}}`)].join('/'), { get: operation(command, some) }];
  });
}

function operation({ words, description, options }: Described, parameters: readonly Parameter[]): object {
  return {
    operationId: [...words, ...parameters.map(({ name }) => name)].join('_'),
    summary: description,
    parameters: [...parameters.map(inPath), ...options.map(inQuery)],
    responses: {
      200: { description: 'The answer', content: { ...json({}), 'application/x-ndjson': {} } },
      default: { $ref: '#/components/responses/problem' },
    },
  };
}

function inPath({ name, description, choices }: Parameter): object {
  return { name, in: 'path', required: true, description, schema: choices ? { ...TEXT, enum: choices } : TEXT };
}

function inQuery({ name, description, takesValue, variadic, choices }: DescribedOption): object {
  const value = choices ? { ...TEXT, enum: choices } : TEXT;
  const schema = takesValue ? (variadic ? { type: 'array', items: value } : value) : { type: 'boolean' };
  return { name, in: 'query', description, schema };
}

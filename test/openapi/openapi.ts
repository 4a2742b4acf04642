import type { Described, DescribedOption, Parameter } from '../../projector/serve/questions.ts';

/** Shapes of answers: one for each command by its words, and what they share. */
export interface Shapes {
  readonly answers: Readonly<Record<string, object>>;
  readonly shared: Readonly<Record<string, object>>;
}

/** The questions that can be asked and their answers, as OpenAPI describes them: made from the commands and the types themselves. */
export function openApi(described: readonly Described[], { answers, shared }: Shapes): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'ao-projector',
      version: 'v1',
      description: 'What the command line answers with --json, read-only and on this machine alone.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    components: {
      schemas: shared,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: {
        problem: { description: 'What was expected, what was found, and what to do', content: json(PROBLEM) },
      },
    },
    paths: Object.fromEntries(described.flatMap((one) => pathsOf(one, answers[one.words.join(' ')]!))),
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
function pathsOf(command: Described, answer: object): [string, object][] {
  const { words, parameters } = command;
  const path = `/api/v1/${words.join('/')}`;
  const required = parameters.filter((one) => one.required);
  const variants = required.length === parameters.length ? [parameters] : [required, parameters];
  return variants.map((some) => {
    return [[path, ...some.map(({ name }) => `{${name}}`)].join('/'), { get: operation(command, some, answer) }];
  });
}

function operation(
  { words, description, options }: Described,
  parameters: readonly Parameter[],
  answer: object,
): object {
  return {
    operationId: [...words, ...parameters.map(({ name }) => name)].join('_'),
    summary: description,
    parameters: [...parameters.map(inPath), ...options.map(inQuery)],
    responses: {
      200: { description: 'The answer, or answers a line each', content: contentOf(words, answer) },
      default: { $ref: '#/components/responses/problem' },
    },
  };
}

/** Answers that are lines; `funnel` has them where subjects are asked for. */
const LINES = ['events', 'funnel'];

function contentOf(words: readonly string[], answer: object): object {
  return { ...json(answer), ...(LINES.includes(words.join(' ')) && { 'application/x-ndjson': { schema: answer } }) };
}

function inPath({ name, description, choices }: Parameter): object {
  return { name, in: 'path', required: true, description, schema: choices ? { ...TEXT, enum: choices } : TEXT };
}

function inQuery({ name, description, takesValue, variadic, choices }: DescribedOption): object {
  const value = choices ? { ...TEXT, enum: choices } : TEXT;
  const schema = takesValue ? (variadic ? { type: 'array', items: value } : value) : { type: 'boolean' };
  return { name, in: 'query', description, schema };
}

import { invalid, type QuestionJson } from './question-json.ts';

type StepJson = QuestionJson['steps'][number];
type ExclusionJson = NonNullable<QuestionJson['exclude']>[number];

const STEP = /^(?<events>[^{}?]+)(?:\{(?<where>[^{}]*)\})?\s*(?<optional>\?)?$/;
const EXCLUSION = /^(?<events>[^@]+)(?:@(?<after>\d+)-(?<before>\d+))?$/;
const CONDITION = /^(?<name>\w+)=(?<value>[^=]+)$/;

/**
 * Steps as they are typed: `ao.session.spawned > ao.pr.observed{harness=codex} > ao.pr.approved? > ao.pr.merged`. `|` stands
 * between alternatives, `{name=value, ...}` asks for dimensions (a name twice for either value), `?` makes a step optional.
 */
export function parseSteps(text: string): StepJson[] {
  return text.split('>').map((part, index) => {
    const found = part.trim();
    const match = STEP.exec(found);
    const where = match && parseWhere(match.groups?.where);
    if (!match || !where) {
      throw invalid(`step ${index + 1}`, 'events with `|` between, perhaps {dimension=value, ...}, perhaps ?', found);
    }
    return { events: names(match.groups!.events!), where, optional: match.groups?.optional === '?' };
  });
}

/** An exclusion as it is typed: `ao.spawn.failed@1-2` is one between steps 1 and 2; without numbers between the first and the last. */
export function parseExclusion(text: string): ExclusionJson {
  const match = EXCLUSION.exec(text.trim());
  if (!match) throw invalid('--exclude', 'events with `|` between, perhaps @AFTER-BEFORE with numbers of steps', text);
  const { events, after, before } = match.groups!;
  const between = after === undefined ? {} : { after: Number(after), before: Number(before) };
  return { events: names(events!), ...between };
}

/** Values by dimension; null where the text is something else. */
function parseWhere(text = ''): Record<string, string[]> | null {
  const where: Record<string, string[]> = {};
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const match = CONDITION.exec(part.trim());
    if (!match) return null;
    const { name, value } = match.groups!;
    where[name!] = [...(where[name!] ?? []), value!];
  }
  return where;
}

function names(text: string): string[] {
  return text.split('|').map((name) => name.trim());
}

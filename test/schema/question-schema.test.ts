import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { EVENTS } from '../../projections/vocabulary.ts';
import { QUESTION_SCHEMA } from '../../projector/answers/funnel/question-json.ts';
import { questionSchema, SCHEMA_PATH } from './write.ts';

test('the schema in docs is that of the questions that are read: else run `npm run schema`', () => {
  expect(JSON.parse(readFileSync(SCHEMA_PATH, 'utf8'))).toEqual(JSON.parse(questionSchema()));
});

test('it names every part of a question, and every event', () => {
  const { properties } = JSON.parse(readFileSync(SCHEMA_PATH, 'utf8'));
  expect(Object.keys(properties)).toEqual(Object.keys(QUESTION_SCHEMA.entries));
  expect(properties.steps.items.properties.events.items.enum).toEqual(Object.values(EVENTS).map(({ name }) => name));
});

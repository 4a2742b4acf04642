import { test } from '@jest/globals';
import { TRIGGERED } from '../../projections/facts.ts';
import { given } from '../support/spec.ts';
import { fact, projectCreated, projectSeen } from './rows.ts';

const KIND = 'project_kind=single_repo has_git_remote=true';
const added = (time: string) => fact(TRIGGERED.projectAdded, time, 'web', { kind: 'workspace', has_git_remote: false });
const readded = (time: string) => fact(TRIGGERED.projectReadded, time, 'web');

test('a project that was added is told once, by the row of the daemon where there is one', () => {
  given(projectSeen('web', '12:00:00'), added('12:00:00'), projectCreated('web', '12:00:00.1')).expectUsage([
    `t3 project.added ${KIND}`,
  ]);
});

test('else by the first that saw it', () => {
  given(projectSeen('web', '12:00:00')).expectUsage([`t1 project.added ${KIND}`]);
  given(added('12:00:00'), projectSeen('web', '12:00:00')).expectUsage([
    't1 project.added project_kind=workspace has_git_remote=false',
  ]);
});

test('each project has its own', () => {
  given(projectCreated('web', '12:00:00'), projectCreated('api', '12:00:00')).expectUsage([
    `t1 project.added ${KIND}`,
    `t2 project.added ${KIND}`,
  ]);
});

test('added again after it was removed, it is told again', () => {
  given(
    projectCreated('web', '12:00:00'),
    projectSeen('web', '12:00:00'),
    projectCreated('web', '15:00:00'),
  ).expectUsage([`t1 project.added ${KIND}`, `t3 project.added ${KIND}`]);
  given(added('12:00:00'), readded('15:00:00')).expectUsage([
    't1 project.added project_kind=workspace has_git_remote=false',
    't2 project.added',
  ]);
});

test('the project that the daemon seeds is added by nobody', () => {
  given(projectSeen('scratch', '12:00:00', 'scratch')).expectUsage([]);
});

/** Tests run the sources; child processes run `dist`, which `npm test` builds first. */
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/collector/'],
  // Tests that start processes wait for them, so a core is left over for a second file.
  maxWorkers: '100%',
  // Tests with processes take longer where the machine is busy; one that hangs ends here.
  testTimeout: 60_000,
  testEnvironment: '<rootDir>/test/support/environment.cjs',
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  extensionsToTreatAsEsm: [],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  moduleNameMapper: { '^better-sqlite3$': '<rootDir>/test/support/better-sqlite3.cjs' },
};

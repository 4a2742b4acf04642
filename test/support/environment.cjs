const { TestEnvironment } = require('jest-environment-node');

/**
 * The native addon keeps the first realm it was loaded in. Sharing that realm's `Error` and the loaded module with every test
 * realm keeps `instanceof Error` and `toThrow(Error)` true in the second and later test files of a worker.
 */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.Error = Error;
    this.global.__betterSqlite3 = require('better-sqlite3');
  }
};

import base from '../../jest.config.js';

/** A real OpenTelemetry Collector takes what is sent to it; `npm run test:collector` builds it and runs this. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/collector/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};

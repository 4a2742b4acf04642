import base from '../../jest.config.js';

/** Tests that hold our answers against other engines; `npm run test:oracle` installs those and runs them. */
export default { ...base, rootDir: '../..', testMatch: ['<rootDir>/bench/peers/**/*.test.ts'] };

import { existsSync } from 'node:fs';

/** Where Chromium may be. */
export const PLACES = [
  process.env.CHROMIUM_PATH ?? '',
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`),
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
export const EXECUTABLE = PLACES.find((path) => path !== '' && existsSync(path));

/** It asks nobody but our server. */
export const FLAGS = [
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** The history with known answers is of June 2026. */
export const THEN = 'now=2026-06-14T23:59:59Z';

/** A view that is shown, whatever was shown before. */
export const SHOWN = '.view:last-child:not([aria-busy])';

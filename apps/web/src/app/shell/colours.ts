import { localStorageColorSchemeManager, type MantineColorScheme } from '@mantine/core';

/** Where the choice is kept; `public/first-paint.js` reads the same key before anything is drawn. */
export const colourManager = localStorageColorSchemeManager({ key: 'drover.colours' });

export const colourChoices: readonly { readonly value: MantineColorScheme; readonly words: string }[] = [
  { value: 'auto', words: 'As the system' },
  { value: 'light', words: 'Light' },
  { value: 'dark', words: 'Dark' },
];

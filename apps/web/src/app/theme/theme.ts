import { createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core';

const paper: MantineColorsTuple = [
  '#f9f8f6',
  '#f3f1ed',
  '#eae7e1',
  '#e4e1d9',
  '#cdc9be',
  '#b1ada2',
  '#6d695f',
  '#55524a',
  '#383630',
  '#1b1a17',
];
const night: MantineColorsTuple = [
  '#edece7',
  '#b0afa6',
  '#8f8e85',
  '#5b5c55',
  '#3d403a',
  '#282a26',
  '#181917',
  '#111210',
  '#0d0e0c',
  '#090a09',
];
const ink: MantineColorsTuple = [
  '#ffffff',
  '#edece7',
  '#d6d5cf',
  '#b0afa6',
  '#8f8e85',
  '#6d695f',
  '#55524a',
  '#3d3b35',
  '#34322c',
  '#1b1a17',
];
const alarm: MantineColorsTuple = [
  '#fdeeeb',
  '#fbd9d3',
  '#f5b3a8',
  '#ff9a89',
  '#ff7c68',
  '#e2553f',
  '#d03f2a',
  '#bf2f1c',
  '#a82614',
  '#8d1d0e',
];

/** Mantine dressed in the tokens of `tokens.css`: ink for what can be pressed, a hue only for what destroys. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  primaryColor: 'ink',
  primaryShade: { light: 9, dark: 1 },
  // What is filled has the colour of the text around it, and the page shows through as its letters, in light and in dark.
  variantColorResolver: (input) => {
    if (input.variant !== 'filled') return defaultVariantColorsResolver(input);
    const fill = input.color === 'red' ? 'var(--bad)' : 'var(--ink)';
    const hover = `color-mix(in oklab, ${fill} 86%, var(--surface))`;
    return { background: fill, hover, color: 'var(--surface)', border: '1px solid transparent' };
  },
  colors: { gray: paper, dark: night, ink, red: alarm },
  defaultRadius: 'sm',
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.8125rem', lg: '0.9375rem', xl: '1.25rem' },
  lineHeights: { xs: '1.35', sm: '1.54', md: '1.54', lg: '1.6', xl: '1.4' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs', variant: 'default' } },
    ActionIcon: { defaultProps: { size: '1.875rem', variant: 'subtle', color: 'gray' } },
    Tooltip: {
      defaultProps: {
        openDelay: 250,
        multiline: true,
        maw: 320,
        fz: 'xs',
        events: { hover: true, focus: true, touch: true },
      },
    },
    Modal: {
      defaultProps: {
        centered: true,
        transitionProps: { duration: 120 },
        overlayProps: { backgroundOpacity: 0.4 },
        closeButtonProps: { 'aria-label': 'Close the dialog' },
      },
    },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end', transitionProps: { duration: 80 } } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
  },
});

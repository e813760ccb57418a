/** The tokens of tokens.css for programs: canvas, charts, status bars, and the test that keeps both alike. */

export type TokenName =
  | 'ink'
  | 'text'
  | 'quiet'
  | 'primary'
  | 'primary-pressed'
  | 'primary-soft'
  | 'on-primary'
  | 'seal'
  | 'seal-soft'
  | 'good'
  | 'good-soft'
  | 'wait'
  | 'wait-soft'
  | 'note'
  | 'note-soft'
  | 'ground'
  | 'card'
  | 'line'
  | 'sunken'

export const light: Record<TokenName, string> = {
  ink: '#14213d',
  text: '#2b3447',
  quiet: '#5b6577',
  primary: '#1b4fd8',
  'primary-pressed': '#153fae',
  'primary-soft': '#e9effd',
  'on-primary': '#ffffff',
  seal: '#b3261e',
  'seal-soft': '#fbeceb',
  good: '#0f7b4f',
  'good-soft': '#e5f4ed',
  wait: '#a65a00',
  'wait-soft': '#fdf1e2',
  note: '#1f6f8b',
  'note-soft': '#e6f2f6',
  ground: '#f5f6f9',
  card: '#ffffff',
  line: '#e3e7ee',
  sunken: '#f0f2f6',
}

export const dark: Record<TokenName, string> = {
  ink: '#e8ecf4',
  text: '#d3d9e4',
  quiet: '#9aa5b8',
  primary: '#7aa2ff',
  'primary-pressed': '#9dbaff',
  'primary-soft': '#1d2b4d',
  'on-primary': '#0b1530',
  seal: '#ff8a80',
  'seal-soft': '#3a1f22',
  good: '#5cc79a',
  'good-soft': '#14322a',
  wait: '#f0b266',
  'wait-soft': '#372a18',
  note: '#74bdd6',
  'note-soft': '#15303b',
  ground: '#0f1420',
  card: '#171e2c',
  line: '#2a3344',
  sunken: '#1d2535',
}

/** Spacing steps, px. */
export const space = [4, 8, 12, 16, 24, 32] as const

/** Type sizes, px: ordinary and elder. */
export const sizes = {
  ordinary: { 13: 13, 15: 15, 17: 17, 20: 20, 28: 28, 40: 40 },
  elder: { 13: 18, 15: 20, 17: 22, 20: 24, 28: 32, 40: 44 },
} as const

/** The smallest side of anything that can be tapped, px. */
export const target = { ordinary: 44, elder: 60 } as const

export const radius = { card: 12, control: 8 } as const

/** The CSS custom property of a colour. */
export function cssVariable(name: TokenName): string {
  return `var(--pt-${name})`
}

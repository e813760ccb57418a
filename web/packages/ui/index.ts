/** The design system: tokens, amounts, dates. For the style sheets import "@palmtax/ui/tokens.css" and "@palmtax/ui/icons.css". */
export * from './tokens'
export * from './money'
export * from './dates'
export type { IconName } from './icon-names'

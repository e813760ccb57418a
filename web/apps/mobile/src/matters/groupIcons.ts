/** The drawing of each group of the catalogue, and of themes. */
const GROUPS: Record<string, string> = {
  SFGL: 'user-check',
  XXBG: 'building-2',
  FPBL: 'receipt-text',
  SBNS: 'calculator',
  YHBL: 'hand-coins',
  ZMBL: 'stamp',
  XKHZ: 'shield-check',
  HDGL: 'pencil-line',
  TDS: 'undo-2',
  CKTS: 'ship',
  GJSS: 'globe',
  XYPJ: 'medal',
  SWZX: 'door-closed',
  SSZY: 'users',
  NSZX: 'circle-help',
  YYBL: 'calendar-clock',
  TSJY: 'megaphone',
  FLJJ: 'scale',
  SBFJ: 'heart-handshake',
  CXFW: 'search',
  ZJHD: 'mail',
}
const THEMES: Record<string, string> = {
  open: 'rocket',
  start: 'rocket',
  rocket: 'rocket',
  store: 'store',
  home: 'house',
  house: 'house',
  car: 'car',
  vehicle: 'car',
  baby: 'baby',
  family: 'baby',
  ship: 'ship',
  export: 'ship',
  globe: 'globe',
  close: 'door-closed',
  invoice: 'receipt-text',
  money: 'hand-coins',
  refund: 'undo-2',
  people: 'users',
  hire: 'users',
  scale: 'scale',
  calendar: 'calendar-days',
  building: 'building-2',
  heart: 'heart-handshake',
}
/** Drawings that may be named directly. */
const KNOWN = [...Object.values(GROUPS), ...Object.values(THEMES), 'file-text', 'wallet', 'landmark', 'badge-check', 'file-check-2']

export const groupIcon = (code: string): string => GROUPS[code.split('-')[0] ?? ''] ?? 'file-text'
export const themeIcon = (name: string | undefined): string => THEMES[name ?? ''] ?? (KNOWN.includes(name ?? '') ? name! : 'file-check-2')

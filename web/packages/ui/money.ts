/** Writes integer fen as an amount. The only place where the front ends turn fen into words; no arithmetic on money. */

/** An amount in the pieces that are drawn differently. */
export interface AmountParts {
  /** "−" for negative amounts, else "". */
  sign: string
  /** Whole yuan with thousands separated. */
  yuan: string
  /** The two digits after the point. */
  fen: string
}

/** Takes an exact integer of fen apart; refuses anything that is not one. */
export function amountParts(fen: number): AmountParts {
  if (!Number.isSafeInteger(fen)) throw new RangeError(`not an exact amount in fen: ${fen}`)
  const digits = String(fen).replace('-', '').padStart(3, '0')
  const yuan = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')
  return { sign: fen < 0 ? '−' : '', yuan, fen: digits.slice(-2) }
}

/** An amount as one string, "−¥1,234.50", for labels that are read aloud and for sentences. */
export function amountText(fen: number): string {
  const parts = amountParts(fen)
  return `${parts.sign}¥${parts.yuan}.${parts.fen}`
}

/** Reads what a person typed or pasted ("￥1,234.5", "1 234.50") into fen; null when it is no amount to the fen. */
export function typedFen(typed: string): number | null {
  const plain = typed
    .replace(/[¥￥,，\s]/g, '')
    .replace(/[−–—]/g, '-')
    .replace(/。/g, '.')
    .replace(/元$/, '')
  const found = /^(-?)(\d{1,14})(?:\.(\d{0,2}))?$/.exec(plain)
  if (!found) return null
  const fen = Number(`${found[2]}${(found[3] ?? '').padEnd(2, '0')}`)
  if (!Number.isSafeInteger(fen)) return null
  return found[1] && fen !== 0 ? -fen : fen
}

/** An amount as it stands in an input field: "1234.50", no separators. */
export function fieldAmount(fen: number): string {
  const parts = amountParts(fen)
  return `${parts.sign ? '-' : ''}${parts.yuan.replace(/,/g, '')}.${parts.fen}`
}

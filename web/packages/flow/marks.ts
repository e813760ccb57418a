/** A text in pieces, those that a search found marked. */

export interface Piece {
  text: string
  isMarked: boolean
}

/** A text with the places that a search named marked. */
export function markedPieces(text: string, marks: [number, number][]): Piece[] {
  const signs = [...text]
  const isMarked = signs.map((_, place) => marks.some(([start, end]) => place >= start && place < end))
  const found: Piece[] = []
  signs.forEach((sign, place) => {
    const last = found[found.length - 1]
    if (last && last.isMarked === isMarked[place]) last.text += sign
    else found.push({ text: sign, isMarked: isMarked[place]! })
  })
  return found
}

/** The words that were typed, for texts of which the search names no places. */
export const typedWords = (typed: string): string[] => typed.split(/[\s，,、]+/).filter(Boolean)

/** Cuts a text at the words, longest first; letters of any size match. */
export function pieces(text: string, words: string[]): Piece[] {
  const found = [...new Set(words)].sort((one, other) => other.length - one.length).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  if (!found.length || !text) return text ? [{ text, isMarked: false }] : []
  const parts = text.split(new RegExp(`(${found.join('|')})`, 'giu'))
  return parts.map((part, place) => ({ text: part, isMarked: place % 2 === 1 })).filter((piece) => piece.text !== '')
}

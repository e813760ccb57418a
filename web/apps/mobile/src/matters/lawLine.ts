/** A citation of the catalogue as the sheet of articles shows it. */
import type { Citation } from '@palmtax/flow'

const SURE: Record<string, Citation['confidence']> = { law: 'law', secondary: 'secondary', 'own knowledge': 'own', own: 'own', uncertain: 'uncertain' }

export interface LawCite {
  cite: string
  article: string
  confidence: string
}

/** Names and how sure we are; the catalogue quotes no words. */
export function lawLine(law: LawCite[], label: string, label_en: string): { label: string; label_en: string; citations: Citation[] } {
  const citations = law.map((one) => ({
    title: one.cite,
    article: one.article,
    paraphrase: '',
    source: one.cite,
    confidence: SURE[one.confidence] ?? ('uncertain' as const),
  }))
  return { label, label_en, citations }
}

/** Who may do what: the catalogue seen with the hat that is worn. */
import type { Catalogue, MatterCard, MatterGroup, ThemeCard } from './shelf'
import type { Who } from './types'

export interface HatLike {
  kind: 'self' | 'enterprise' | 'agent' | 'officer'
}
export interface TaxpayerLike {
  kind: 'natural_person' | 'individual_business' | 'enterprise'
  vat_kind: 'small_scale' | 'general' | 'none'
}

/** What the hat's taxpayer can be; several while the register has not been asked. */
export function whoOf(hat: HatLike | null, taxpayer: TaxpayerLike | null): Who[] {
  if (!hat) return []
  if (hat.kind === 'self' || taxpayer?.kind === 'natural_person') return ['natural_person']
  if (!taxpayer) return ['individual_business', 'small_scale', 'general']
  if (taxpayer.kind === 'individual_business') return ['individual_business']
  return [taxpayer.vat_kind === 'general' ? 'general' : 'small_scale']
}

/** Whether somebody who is one of these may do it; nobody signed in sees everything. */
export const isFor = (who: Who[], mine: Who[]): boolean => mine.length === 0 || who.length === 0 || who.some((one) => mine.includes(one))

/** The hats of a person under which a matter may be possible. */
export function hatsFor<Hat extends HatLike>(who: Who[], hats: Hat[]): Hat[] {
  const forPerson = who.includes('natural_person')
  const forBusiness = who.some((one) => one !== 'natural_person')
  return hats.filter((hat) => (hat.kind === 'self' ? forPerson : hat.kind !== 'officer' && forBusiness))
}

/** Every matter by its code. */
export function mattersByCode(catalogue: Catalogue): Map<string, MatterCard> {
  return new Map(catalogue.groups.flatMap((group) => group.matters.map((card) => [card.code, card] as const)))
}

export interface GroupView extends Omit<MatterGroup, 'matters'> {
  matters: { card: MatterCard; isMine: boolean }[]
  mine: number
}

const RANK = { frequent: 0, suited: 1, office: 2 }

/** The groups with what is possible first; those of other hats stay, marked. */
export function groupsFor(catalogue: Catalogue, mine: Who[]): GroupView[] {
  return catalogue.groups
    .map((group) => {
      const matters = group.matters.map((card) => ({ card, isMine: isFor(card.who, mine) }))
      matters.sort((one, other) => Number(other.isMine) - Number(one.isMine) || RANK[one.card.mobile] - RANK[other.card.mobile])
      return { ...group, matters, mine: matters.filter((one) => one.isMine).length }
    })
    .filter((group) => group.matters.length)
}

/** Themes for this hat first. */
export function themesFor(catalogue: Catalogue, mine: Who[]): ThemeCard[] {
  const rank = (theme: ThemeCard): number => (isFor(theme.who, mine) ? 0 : 1)
  return [...catalogue.themes].sort((one, other) => rank(one) - rank(other))
}

/** A search in what the phone has, for when there is no network: every typed word is somewhere in the titles and sentences. */
export function searchKept(catalogue: Catalogue, typed: string): (MatterCard | ThemeCard)[] {
  const words = typed.toLowerCase().split(/[\s，,、]+/).filter(Boolean)
  if (!words.length) return []
  const holds = (card: MatterCard | ThemeCard): boolean => {
    const text = [card.code, card.title, card.title_en, card.say, card.say_en].join('\n').toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return [...catalogue.themes, ...catalogue.groups.flatMap((group) => group.matters)].filter(holds)
}

/** The sentence for what is wrong with an answer. */
import type { Fault } from '@palmtax/flow'
import { t } from '@/state/text'

export const faultText = (fault: Fault | null): string => (fault ? t(`wrong.${fault.name}`, fault.values) : '')

/** The picture of a theme: its steps in layers, each after those it waits for. */
import type { Journey, JourneyStep, StepState } from './shelf'
import type { StateLook, Tone } from './states'

const LOOKS: Record<StepState, [Tone, string]> = {
  waiting: ['plain', 'circle-dashed'],
  stopped: ['wait', 'clock'],
  ready: ['note', 'arrow-right'],
  draft: ['note', 'pencil-line'],
  submitted: ['note', 'hourglass'],
  approved: ['good', 'circle-check'],
  refused: ['seal', 'ban'],
  failed: ['seal', 'triangle-alert'],
  left_out: ['plain', 'minus'],
}

export function stepLook(state: StepState): StateLook {
  const [tone, icon] = LOOKS[state] ?? ['plain', 'info']
  return { tone, icon }
}

type Step = Pick<JourneyStep, 'matter_code' | 'after'>

/** Steps by how many must be done before them; steps of one layer may run side by side. A ring ends up in the last layer. */
export function layersOf<One extends Step>(steps: One[]): One[][] {
  const depth = new Map<string, number>()
  const known = new Set(steps.map((step) => step.matter_code))
  for (let turn = 0; turn <= steps.length; turn += 1) {
    for (const step of steps) {
      const before = step.after.filter((code) => known.has(code)).map((code) => depth.get(code) ?? 0)
      depth.set(step.matter_code, Math.min(before.length ? Math.max(...before) + 1 : 0, steps.length - 1))
    }
  }
  const layers: One[][] = []
  for (const step of steps) (layers[depth.get(step.matter_code) ?? 0] ??= []).push(step)
  return layers.filter((layer) => layer?.length)
}

/** How far the whole is. */
export function journeyProgress(journey: Journey): { done: number; total: number; percent: number } {
  const total = journey.steps.filter((step) => step.state !== 'left_out').length
  const done = journey.steps.filter((step) => step.state === 'approved').length
  return { done, total, percent: total ? Math.round((done / total) * 100) : 0 }
}

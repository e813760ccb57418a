/** Moving between screens. */
import { routes } from '@/routes'
import type { RouteName } from '@/routes'

type Values = Record<string, string | number | boolean | null | undefined>

/** The address of a screen with its query. */
export function addressOf(name: RouteName, values: Values = {}): string {
  const query = Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
    .join('&')
  return query ? `${routes[name]}?${query}` : routes[name]
}

let mayOpen: (address: string, isNext: boolean) => boolean = () => true

/** Screens open only where this says so: the one screen inside another application. `isNext`: it takes the place of the one before. */
export function guardScreens(guard: (address: string, isNext: boolean) => boolean): void {
  mayOpen = guard
}

/** Opens a screen on top of this one. */
export function go(name: RouteName, values?: Values): void {
  open(addressOf(name, values), uni.navigateTo)
}

function open(url: string, way: (options: { url: string }) => unknown): void {
  if (mayOpen(url, way === uni.redirectTo)) way({ url })
}

/** Opens one of our screens by its whole address, as the server names it; an address of no screen leads nowhere. */
export function goAddress(address: string): void {
  const path = address.split('?')[0] as string
  if ((Object.values(routes) as string[]).includes(path)) open(address, uni.navigateTo)
}

/** Takes the place of this screen, so that "back" does not return to it. */
export function replace(name: RouteName, values?: Values): void {
  open(addressOf(name, values), uni.redirectTo)
}

/** Starts over at a screen. */
export function restart(name: RouteName, values?: Values): void {
  open(addressOf(name, values), uni.reLaunch)
}

/** Starts over at one of our screens by its whole address; an address of no screen leads home. */
export function restartAddress(address: string): void {
  const path = address.split('?')[0] as string
  open((Object.values(routes) as string[]).includes(path) ? address : routes.home, uni.reLaunch)
}

/** One screen back, or home when there is none. */
export function back(): void {
  if (getCurrentPages().length > 1) uni.navigateBack({ delta: 1 })
  else restart('home')
}

/** The path of the screen on top, "/pages/home/index". */
export function currentPath(): string {
  const pages = getCurrentPages()
  const top = pages[pages.length - 1]
  return top?.route ? `/${top.route}` : ''
}

/** The screen on top with its query. */
export function currentAddress(): string {
  const pages = getCurrentPages()
  const top = pages[pages.length - 1] as { $page?: { fullPath?: string } } | undefined
  return top?.$page?.fullPath ?? currentPath()
}

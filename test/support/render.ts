import { type ComponentType, createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import type { Page } from '../../renderer/shared/page'
import { PageProvider } from '../../renderer/shared/use-page'

/** A component of this page as HTML, without effects: what it shows in the state that the page is in. */
export const render = <P extends object>(page: Page, component: ComponentType<P>, props: P): string =>
  renderToStaticMarkup(createElement(PageProvider, { value: page }, createElement(component, props)))

/** The text that a person reads in a component. */
export const textOf = <P extends object>(page: Page, component: ComponentType<P>, props: P): string =>
  render(page, component, props)
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', '’')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim()

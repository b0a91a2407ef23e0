import type { ComponentProps } from 'react'

/**
 * A value that is read, not typed, and as many lines as it takes.
 *
 * Chromium writes what stands in a page's controls into its session files, for a tab that is opened again. `autocomplete="off"` keeps an
 * input out of that; of a textarea only that of its form counts, so it belongs to the empty one of index.html.
 */
export const ReadOnlyText = ({ className = '', ...props }: Omit<ComponentProps<'textarea'>, 'readOnly' | 'rows' | 'form'>) => (
  <textarea {...props} className={`control made ${className}`} readOnly rows={1} form="unkept" />
)

import type { ReactNode } from 'react'

/** A message of the machine: the title is the next act, then what happened, what is safe, another way, and a small code. */
export type MachineMessage = { title: string; body: string; code?: string }

type Props = { message: MachineMessage; kind?: 'error' | 'warning' | 'plain'; children?: ReactNode; live?: boolean }

export const Message = ({ message, kind = 'plain', children, live = true }: Props) => (
  <div className={`message ${kind} stack`} {...(live ? { role: kind === 'error' ? 'alert' : 'status' } : {})}>
    <div>
      <h2>{message.title}</h2>
      <p>
        {message.body} {message.code === undefined ? null : <span className="code">({message.code})</span>}
      </p>
    </div>
    {children}
  </div>
)

import { Label, Radio, RadioGroup } from 'react-aria-components'

type Props<T extends string> = {
  label: string
  /** Null while nothing is chosen. */
  value: T | null
  onChange: (value: T) => void
  choices: readonly { value: T; text: string }[]
  disabled?: boolean
}

/** A few big choices, one below the other: people of the point, ways to go, devices. */
export const ChoiceColumn = <T extends string>({ label, value, onChange, choices, disabled = false }: Props<T>) => (
  <RadioGroup
    className="field"
    value={value}
    isDisabled={disabled}
    onChange={(next) => {
      const choice = choices.find((each) => each.value === next)
      if (choice !== undefined) onChange(choice.value)
    }}
  >
    <Label>{label}</Label>
    <div className="choices column">
      {choices.map((choice) => (
        <Radio key={choice.value} value={choice.value} className="choice">
          {({ isSelected }) => (
            <>
              <span aria-hidden="true">{isSelected ? '◉' : '○'}</span>
              {choice.text}
            </>
          )}
        </Radio>
      ))}
    </div>
  </RadioGroup>
)

import { Label, Radio, RadioGroup } from 'react-aria-components'

type Props<T extends string> = {
  label: string
  value: T
  onChange: (value: T) => void
  choices: readonly { value: T; text: string }[]
}

/** A few big choices, one below the other: people of the point, or ways to go. */
export const PersonChoice = <T extends string>({ label, value, onChange, choices }: Props<T>) => (
  <RadioGroup
    className="field"
    value={value}
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
              <span className="sign" aria-hidden="true">
                {isSelected ? '▸' : ''}
              </span>
              {choice.text}
            </>
          )}
        </Radio>
      ))}
    </div>
  </RadioGroup>
)

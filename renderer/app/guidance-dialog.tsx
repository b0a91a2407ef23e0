/** A procedure whose form this kiosk does not fill in: agency, time, papers by case, and where to hand it in. */
import { t } from '@lingui/core/macro'
import { catalogue } from '../../procedures/catalogue.ts'
import { say } from '../locales/locale.ts'
import { Dialog } from '../ui/dialog.tsx'

type Props = { id: string; onClose: () => void }

export const GuidanceDialog = ({ id, onClose }: Props) => {
  const guidance = catalogue.findGuidance(id)
  if (guidance === undefined) return null
  return (
    <Dialog title={say(guidance.name)} onClose={onClose} testId="guidance-dialog">
      <p className="note">
        {guidance.code === undefined ? '' : `${guidance.code} · `}
        {say(guidance.agency)}
      </p>
      {guidance.guidance.map((line) => (
        <p key={line.vi}>{say(line)}</p>
      ))}
      <section>
        <h3>{t`Nơi nhận`}</h3>
        <p>
          {say(guidance.handOff.place)}
          {guidance.handOff.phone === undefined ? '' : ` · ${guidance.handOff.phone}`}
          {guidance.handOff.url === undefined ? '' : ` · ${guidance.handOff.url.replace('https://', '')}`}
        </p>
      </section>
      <section>
        <h3>{t`Thời hạn và lệ phí`}</h3>
        <p className="sentence">{say(guidance.timeLimit.text)}</p>
        <p className="sentence">{say(guidance.fee.text)}</p>
      </section>
      {guidance.cases.length < 2 ? null : (
        <section>
          <h3>{t`Trường hợp`}</h3>
          <ul className="help-list">
            {guidance.cases.map((each) => (
              <li key={each.code ?? each.name.vi}>
                {say(each.name)}
                {each.timeLimit === undefined ? '' : `: ${say(each.timeLimit)}`}
              </li>
            ))}
          </ul>
        </section>
      )}
      {guidance.papers.length === 0 ? null : (
        <section>
          <h3>{t`Giấy tờ`}</h3>
          <ul className="help-list">
            {guidance.papers.map((paper) => (
              <li key={paper.id}>
                {say(paper.name)}
                {paper.note === undefined ? null : <span className="note"> {say(paper.note)}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <p className="note">{t`Nguồn: ${guidance.sources[0]?.source ?? ''}`}</p>
    </Dialog>
  )
}

import { useId } from 'react';
import type { ReactElement } from 'react';
import { regionColours } from '#shared/model/region.ts';
import type { RegionColour } from '#shared/model/region.ts';
import { RegionBar } from '../../../ui/region-bar.tsx';

/** The colour that stands beside the region's name everywhere, chosen by its word. */
export function ColourField(props: {
  readonly value: RegionColour;
  readonly onChange: (colour: RegionColour) => void;
}): ReactElement {
  const name = useId();
  return (
    <fieldset>
      <legend>
        Colour <small>beside its name, everywhere</small>
      </legend>
      <div className="rk-colours">
        {regionColours.map((colour) => (
          <label key={colour}>
            <input
              type="radio"
              name={name}
              checked={colour === props.value}
              onChange={() => {
                props.onChange(colour);
              }}
            />
            <RegionBar colour={colour} />
            {`${colour.slice(0, 1).toUpperCase()}${colour.slice(1)}`}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

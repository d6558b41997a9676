//! Fields of forms: a word above, what is typed or ticked, a line of help below.

import { type FormEvent, type ReactNode, useId } from "react";
import css from "./field.module.css";
import { Trouble } from "./state";

interface FormProps {
  /** What is sent, in a word or two; none where the buttons are others. */
  send?: string;
  isBusy?: boolean;
  error?: unknown;
  /** Beside the button that sends. */
  beside?: ReactNode;
  isDanger?: boolean;
  isOff?: boolean;
  submit: () => void;
  children: ReactNode;
}

export function Form(props: FormProps) {
  const { send, isBusy = false, error, beside, isDanger = false, isOff = false } = props;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) props.submit();
  };
  return (
    <form className={css.form} onSubmit={submit}>
      {props.children}
      {error ? <Trouble error={error} /> : null}
      {send ? (
        <p className={css.acts}>
          <Button kind={isDanger ? "danger" : "main"} isSubmit isBusy={isBusy} isOff={isOff}>
            {send}
          </Button>
          {beside}
        </p>
      ) : null}
    </form>
  );
}

interface ButtonProps {
  kind?: "main" | "plain" | "danger" | "quiet";
  isSubmit?: boolean;
  isBusy?: boolean;
  isOff?: boolean;
  tip?: string | undefined;
  onClick?: () => void;
  children: ReactNode;
}

export function Button(props: ButtonProps) {
  const { kind = "plain", isSubmit = false, isBusy = false, isOff = false, tip } = props;
  // A button that is off loses the focus, and whoever came by keys their place: at work it does nothing.
  return (
    <button
      type={isSubmit ? "submit" : "button"}
      className={`${css.button} ${css[kind]}`}
      aria-busy={isBusy || undefined}
      aria-disabled={isBusy || undefined}
      disabled={isOff}
      data-tip={tip}
      onClick={isBusy ? undefined : props.onClick}
    >
      {props.children}
    </button>
  );
}

interface FieldProps {
  label: string;
  value: string;
  put: (text: string) => void;
  help?: ReactNode;
  type?: "text" | "email" | "password" | "number" | "date" | "search";
  isRequired?: boolean;
  most?: number;
  least?: number;
  complete?: string;
  placeholder?: string;
  /** Choices that may be typed too. */
  offers?: readonly string[];
  isCode?: boolean;
}

export function Field(props: FieldProps) {
  const id = useId();
  const { label, value, put, help, type = "text", isRequired = false } = props;
  const isNumber = type === "number";
  return (
    <label className={css.field}>
      <span>{label}</span>
      <input
        type={type}
        value={value}
        required={isRequired}
        className={props.isCode ? css.code : undefined}
        autoComplete={props.complete ?? "off"}
        placeholder={props.placeholder}
        spellCheck={false}
        {...(isNumber ? { min: props.least, max: props.most } : {})}
        {...(isNumber || type === "date"
          ? {}
          : { maxLength: props.most ?? 200, minLength: props.least })}
        list={props.offers ? `${id}-offers` : undefined}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(event) => put(event.target.value)}
      />
      {props.offers ? (
        <datalist id={`${id}-offers`}>
          {props.offers.map((offer) => (
            <option key={offer} value={offer} />
          ))}
        </datalist>
      ) : null}
      {help ? <small id={`${id}-help`}>{help}</small> : null}
    </label>
  );
}

interface AreaProps {
  label: string;
  value: string;
  put: (text: string) => void;
  help?: ReactNode;
  rows?: number;
  most?: number;
  isRequired?: boolean;
  placeholder?: string;
}

export function Area(props: AreaProps) {
  const id = useId();
  const { label, value, put, help, rows = 3, most = 2000, isRequired = false } = props;
  return (
    <label className={css.field}>
      <span>{label}</span>
      <textarea
        value={value}
        rows={rows}
        maxLength={most}
        required={isRequired}
        placeholder={props.placeholder}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(event) => put(event.target.value)}
      />
      {help ? <small id={`${id}-help`}>{help}</small> : null}
    </label>
  );
}

export interface Option {
  id: string;
  name: string;
  means?: string | undefined;
}

interface ChoiceProps {
  label: string;
  value: string;
  put: (id: string) => void;
  options: readonly Option[];
  help?: ReactNode;
  isRequired?: boolean;
}

export function Choice({ label, value, put, options, help, isRequired = false }: ChoiceProps) {
  const id = useId();
  return (
    <label className={css.field}>
      <span>{label}</span>
      <select
        value={value}
        required={isRequired}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(event) => put(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.name}
          </option>
        ))}
      </select>
      {help ? <small id={`${id}-help`}>{help}</small> : null}
    </label>
  );
}

interface TicksProps {
  label: string;
  value: readonly string[];
  put: (ids: string[]) => void;
  options: readonly Option[];
  help?: ReactNode;
  /** What stands where there is nothing to tick. */
  none?: string;
}

/** Any of a few. */
export function Ticks({ label, value, put, options, help, none }: TicksProps) {
  const turn = (id: string) =>
    put(value.includes(id) ? value.filter((one) => one !== id) : [...value, id]);
  return (
    <fieldset className={css.ticks}>
      <legend>{label}</legend>
      {options.length === 0 && none ? <small>{none}</small> : null}
      <div>
        {options.map((option) => (
          <label key={option.id}>
            <input
              type="checkbox"
              checked={value.includes(option.id)}
              onChange={() => turn(option.id)}
            />
            <span>
              {option.name}
              {option.means ? <small>{option.means}</small> : null}
            </span>
          </label>
        ))}
      </div>
      {help ? <small>{help}</small> : null}
    </fieldset>
  );
}

interface TickProps {
  label: string;
  value: boolean;
  put: (isOn: boolean) => void;
  help?: string;
}

/** Yes or no. */
export function Tick({ label, value, put, help }: TickProps) {
  return (
    <label className={css.tick}>
      <input type="checkbox" checked={value} onChange={(event) => put(event.target.checked)} />
      <span>
        {label}
        {help ? <small>{help}</small> : null}
      </span>
    </label>
  );
}

/** Fields side by side, where there is room. */
export function Pair({ children }: { children: ReactNode }) {
  return <div className={css.pair}>{children}</div>;
}

/**
 * Makes the wire form of each object once. Messages never change, so that a long conversation is a join of kept
 * pieces instead of being serialised anew for each request. A form lives as long as its object.
 */
export function keepWireForms<Source extends object, Form>(
  make: (source: Source) => Form,
): (source: Source) => Form {
  const forms = new WeakMap<Source, { readonly form: Form }>();
  return (source) => {
    const kept = forms.get(source);
    if (kept !== undefined) return kept.form;
    const form = make(source);
    forms.set(source, { form });
    return form;
  };
}

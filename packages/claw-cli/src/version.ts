/** Of the `claw` package; a test holds it to its manifest. */
export const version = "0.1.0";

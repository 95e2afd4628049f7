/** Whom to bill, as the payment provider is told. */
export interface Billed {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
}

/** A payment provider. Only its customers exist here: nothing is charged for. */
export interface BillingPort {
  /** Makes a customer, once however often it is asked, and gives the provider's id of it. */
  createCustomer(billed: Billed): Promise<string | null>;
  /** Forgets a customer and what the provider keeps of them; one that there is not is forgotten. */
  deleteCustomer(customerId: string): Promise<void>;
}

/** What the API answers, by the names of its contract, and what the page keeps. For the type checker alone. */

export type State =
  | "PendingNew" | "New" | "PartiallyFilled" | "Filled" | "PendingCancel" | "Canceled" | "PendingReplace" | "Rejected" | "Expired";
export type Side = "Buy" | "Sell";
export type OrderType = "Limit" | "Market" | "Stop" | "StopLimit";

export interface Fault { pointer: string; code: string; detail: string }
export interface ProblemDetails { status: number; code: string; detail: string; title: string; errors?: Fault[]; orderId?: string }
export interface RefusedChange { changeId: string; reason: string }

export interface Order {
  orderId: string; clientOrderId?: string; customerId: string; direction: Side; ticker: string; type: OrderType;
  quantity: number; price?: string; stopPrice?: string; orderDate: string; timeInForce?: string; minimumQuantity?: number;
  postOnly?: boolean; poolOnly?: boolean; pegToMidpoint?: boolean; pegToPrimary?: boolean; pegOffset?: string;
  selfTradePrevention?: string; state: State; reason?: string;
  cumulativeQuantity: number; canceledQuantity: number; leavesQuantity: number; averagePrice?: string; fees: string;
  reserved: string; protectionPrice: string; firstPool?: "Dark" | "Lit"; problem?: { code: string; detail: string };
  refusedCancel?: RefusedChange; refusedReplace?: RefusedChange; customerSequence?: number;
}
export interface Transition {
  time: string; state: State; cumulativeQuantity: number; leavesQuantity: number; reason?: string; changes?: object[];
}
export interface Trade {
  customerId: string; direction: Side; ticker: string; type: OrderType; quantity: number; price: string; orderId: string;
  orderDate: string; tradeId: string; exchange: string; exchangeType: string; tradeDate: string; fee: string;
  settlementDate?: string; valueDate: string; split?: string; initialQuantity?: number;
}
export interface Life extends Order { transitions: Transition[]; executions: Trade[]; nextToken?: string }

export interface Account {
  customerId: string; cash: string; reserved: string; spent: string; fees: string; proceeds: string; deposits: string;
  withdrawals: string; buyingPower: string; withdrawable: string; settledCash: string; unsettledCash: string;
  openOrders: number; halted: boolean; marketValue: string; realisedProfit: string; unrealisedProfit: string; equity: string;
  withoutQuote?: string[]; customerSequence?: number; accountSequence?: number;
  limits?: { highestOrderValue?: string; highestOpenOrders?: number; collar?: string; highestShort?: number };
}
export interface Position {
  ticker: string; quantity: number; available: number; reserved: number; settled: number; unsettled: number;
  averageCost?: string; cost: string; realisedProfit: string; commission: string; marketValue?: string; unrealisedProfit?: string;
}
export interface Ticker {
  ticker: string; date: string; trades: number; quantity: number; notional: string; averagePrice?: string; high?: string;
  low?: string; bid?: string; ask?: string; bidSize?: number; askSize?: number;
}
export interface Level {
  price: string; quantity: number; orders: number; byExchange: Record<string, { quantity: number; orders: number }>;
}
export interface Auction { kind: "Opening" | "Closing"; price: string; quantity: number; imbalance?: number; side?: Side }
export interface Book {
  ticker: string; sequence: number; time?: string; session: "Open" | "Closed"; auction?: Auction; bids: Level[]; asks: Level[];
}
export interface Bar {
  time: string; open: string; high: string; low: string; close: string; quantity: number; averagePrice: string; trades: number;
}
export interface Print {
  printId: string; time: string; quantity: number; price: string; exchange: string; exchangeType: string; aggressor?: Side;
  auction?: "Opening" | "Closing";
}
export interface CustomerUpdate {
  type: "ordersUpdated"; customerId: string; customerSequence: number; time: string; orders: (Order & { happened?: object })[];
  account?: Partial<Account>;
}
export interface MarketUpdate {
  type: "marketUpdated"; ticker: string; poolType: "Dark" | "Lit"; updateId: string; sequence: number; time: string;
  trades?: { number: number; quantity: number; price: string; exchange: string; aggressor?: Side; auction?: "Opening" | "Closing" }[];
  session?: "Closed"; auction?: Auction;
  depth?: { bids: [string, Record<string, [number, number]>][]; asks: [string, Record<string, [number, number]>][] };
}
export interface AccountUpdate {
  type: "accountUpdated"; customerId: string; accountSequence: number; time: string; kind: string; ticker?: string; account?: Partial<Account>;
}
export type Update = CustomerUpdate | AccountUpdate | MarketUpdate;
export interface Statement {
  customerId: string; date: string; final: boolean; opening: Record<string, string>; changes: Record<string, string>;
  closing: Record<string, string>;
  totals: { bought: string; sold: string; fees: string; deposits: string; withdrawals: string; trades: number };
}
export interface Session {
  sessionDate: string; state: string; ends?: string; valueDates: Record<string, string>; streamUrl?: string;
}
export interface Customer { customerId: string; cash: string; reserved: string; spent: string; openOrders: number; halted: boolean }
export interface Preview {
  reserves?: { cash?: string; shares?: number }; value?: string; highestFees?: string; protectionPrice?: string;
  furthestLimit?: string; buyingPower?: string; available?: number; problem?: ProblemDetails;
}
export interface Work {
  stages: { stage: string; waiting: number; inFlight: number }[]; settlement: { valueDate: string; due: number };
}
export interface DeadLetters {
  queues: { stage: string; kind: "dlq" | "undelivered" | "failed" | "unrouted"; count: number }[];
  recordCount: number; records: { stage: string; id: string; since: string; reason: string; keys: string[] }[]; givenUp: number;
}
export interface Break {
  kind: string; field: string; customerId?: string; ticker?: string; reference?: string; sides: { side: string; value?: string }[];
}
export interface Reconciliation {
  date: string; time: string; compared: Record<string, number>; breakCount: number; breaks: Break[]; busy: string[];
}
export interface Credential { keyId: string; secret: string; role?: "broker" | "customer"; customerId?: string; expires?: string }

/** A part of what is known, and whether it can be relied on. */
export interface Known<T> { value: T | undefined; at: number; fault?: string; absent?: boolean }

export interface Ticket {
  direction: Side; ticker: string; type: OrderType; quantity: string; price: string; stopPrice: string; timeInForce: string;
  minimumQuantity: string; postOnly: boolean; poolOnly: boolean; peg: string; pegOffset: string; selfTradePrevention: string;
}

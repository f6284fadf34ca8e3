import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { Failure } from "../ui/Failure";
import { Skeleton } from "../ui/Skeleton";

export function PlaceLoading() {
  return (
    <div className="place-message" aria-busy="true">
      <Skeleton lines={8} />
    </div>
  );
}

/** A place threw while it was drawn or loaded; the others still work. A file that did not come is kept as its failure. */
export function PlaceFailed({ error }: ErrorComponentProps) {
  return (
    <div className="place-message">
      <Failure error={error instanceof Error ? error : new Error(String(error))} what="This place could not be shown" onRetry={() => location.reload()} />
    </div>
  );
}

export function PlaceNotFound() {
  return (
    <div className="place-message tab-empty">
      <h2>There is nothing at this address</h2>
      <p className="muted">It may have been typed wrongly, or be of another version.</p>
      <p>
        <Link to="/strategies" className="button">
          Go to the strategies
        </Link>
      </p>
    </div>
  );
}

import { PlaceHeader } from "../app/PlaceHeader";

export function JobsPlace() {
  return (
    <main>
      <PlaceHeader>
        <h2>Jobs</h2>
      </PlaceHeader>
    </main>
  );
}

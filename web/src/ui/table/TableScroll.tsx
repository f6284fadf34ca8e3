import type { ReactNode } from "react";
import { useSize } from "../useSize";

/** A table that may be wider than the page: then it scrolls by itself, also by keyboard. */
export function TableScroll({ label, className = "", children }: { label: string; className?: string; children: ReactNode }) {
  const [host] = useSize<HTMLDivElement>();
  const scrolls = host.current !== null && (host.current.scrollWidth > host.current.clientWidth || host.current.scrollHeight > host.current.clientHeight);
  return (
    <div ref={host} className={`table-scroll ${className}`} {...(scrolls ? { tabIndex: 0, role: "region", "aria-label": label } : {})}>
      {children}
    </div>
  );
}

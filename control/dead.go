package control

import (
	"context"
	"fmt"

	"vmqbot/ops"
)

// takeOver closes operations on the same regions that the journal still calls
// running: their process died, because op holds their locks now. Nothing of
// theirs is replayed: what is planned next is planned from what is there.
func (s *Service) takeOver(ctx context.Context, op ops.Operation) error {
	return s.eachRunning(ctx, func(old ops.Operation) error {
		if !covered(old.Locks, op.Locks) {
			return nil
		}
		return s.closeOne(ctx, old, "its process ended in the middle; "+op.ID+" ("+op.Line+") looked and went on from what was there")
	})
}

// closeDead does the same for whoever reads the journal: an operation whose
// locks are free is not running, whatever its last line says.
func (s *Service) closeDead(ctx context.Context) error {
	return s.eachRunning(ctx, func(old ops.Operation) error {
		free, err := s.free(ctx, old)
		if err != nil || !free {
			return err
		}
		return s.closeOne(ctx, old, "its process ended in the middle; type it again, it goes on from what is there")
	})
}

// free reports whether nobody holds any lock of an operation.
func (s *Service) free(ctx context.Context, old ops.Operation) (bool, error) {
	for _, region := range old.Locks {
		if _, held, err := s.Leases.Holder(ctx, s.leaseName(region)); held || err != nil {
			return false, err
		}
	}
	return true, nil
}

// eachRunning visits the operations with locks that the journal calls running.
func (s *Service) eachRunning(ctx context.Context, visit func(ops.Operation) error) error {
	recent, err := s.History.Operations(ctx, 100)
	if err != nil {
		return fmt.Errorf("reading the journal: %w", err)
	}
	for _, old := range recent {
		if old.State != ops.Running || len(old.Locks) == 0 {
			continue
		}
		if err := visit(old); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) closeOne(ctx context.Context, old ops.Operation, why string) error {
	old.State, old.Ended, old.Reason = ops.Unknown, s.Clock.Now(), why
	return s.record(ctx, old, "finished", string(old.State)+" "+why)
}

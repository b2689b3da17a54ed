"""The viewer as Traits objects that know no toolkit."""

"""How a week felt, drawn: the icon beside each level of mood and energy, lowest first."""

MOOD_ICONS = ("cloud-lightning-rain", "cloud-drizzle", "clouds", "cloud-sun", "sun")
ENERGY_ICONS = ("reception-0", "reception-1", "reception-2", "reception-3", "reception-4")

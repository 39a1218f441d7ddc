from hypothesis import settings

# No property is about speed, and the machine may be busy.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
